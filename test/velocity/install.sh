#!/bin/sh
# Installs what the comparisons with the real Apache Velocity and Jayway JsonPath need, on Debian and Ubuntu. A JDK is expected to be there.
set -eu
apt-get update
apt-get install --yes --no-install-recommends \
  velocity libcommons-lang-java libcommons-collections3-java libjsonpath-java libjson-smart-java libslf4j-java libjackson2-databind-java
