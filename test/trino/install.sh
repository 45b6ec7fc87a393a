#!/bin/sh
# Puts Trino's parser and what it needs into the folder that is named. A JDK and Maven are expected to be there.
set -eu
cd "$(dirname "$0")"
mvn --quiet --batch-mode dependency:copy-dependencies -DincludeScope=runtime -Dmdep.stripVersion=true "-DoutputDirectory=$1"
