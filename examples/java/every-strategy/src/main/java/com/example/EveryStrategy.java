package com.example;

import software.amazon.awscdk.App;

/** The app: a stack for each kind of use. */
public class EveryStrategy {
    public static void main(String[] args) {
        App app = new App();
        new AnalystQueriesStack(app, "AnalystQueries");
        new CustomerQueriesStack(app, "CustomerQueries");
        new PartnerQueriesStack(app, "PartnerQueries");
        new RunsStack(app, "Runs");
        app.synth();
    }
}
