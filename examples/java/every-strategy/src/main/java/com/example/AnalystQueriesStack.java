package com.example;

import io.github.cdkdataworkflows.AccessLogs;
import io.github.cdkdataworkflows.AdaptivePollingOptions;
import io.github.cdkdataworkflows.AsyncAthenaQueryApi;
import io.github.cdkdataworkflows.CallbackHostsOptions;
import io.github.cdkdataworkflows.CallbackPolicy;
import io.github.cdkdataworkflows.GlueTablesOptions;
import io.github.cdkdataworkflows.IamSubmitAccessOptions;
import io.github.cdkdataworkflows.LakeFormationOptions;
import io.github.cdkdataworkflows.LogGroupAccessLogsOptions;
import io.github.cdkdataworkflows.QueryCompletion;
import io.github.cdkdataworkflows.QueryDashboardOptions;
import io.github.cdkdataworkflows.QueryOwnership;
import io.github.cdkdataworkflows.QueryableData;
import io.github.cdkdataworkflows.SigningKeys;
import io.github.cdkdataworkflows.SubmitAccess;
import io.github.cdkdataworkflows.SubmittedQueries;

import software.amazon.awscdk.Duration;
import software.amazon.awscdk.ExportValueOptions;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.iam.AccountPrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.IBucket;
import software.constructs.Construct;

import java.util.List;

/** Analysts of the company query a lake, and sign their requests. */
public class AnalystQueriesStack extends Stack {
    public AnalystQueriesStack(Construct scope, String id) {
        super(scope, id);

        IBucket lake = Bucket.fromBucketName(this, "Lake", "lake-data");
        AsyncAthenaQueryApi queries =
                AsyncAthenaQueryApi.Builder.create(this, "Queries")
                        .database("sales")
                        .queryableData(
                                List.of(
                                        QueryableData.glueTables(
                                                GlueTablesOptions.builder()
                                                        .database("sales")
                                                        .bucket(lake)
                                                        .prefix("sales/")
                                                        .build()),
                                        QueryableData.glueTables(
                                                GlueTablesOptions.builder()
                                                        .database("scratch")
                                                        .tables(List.of("totals"))
                                                        .bucket(lake)
                                                        .prefix("totals/")
                                                        .write(true)
                                                        .build())))
                        .submittedQueries(SubmittedQueries.anySql())
                        .submitAccess(
                                SubmitAccess.iam(
                                        IamSubmitAccessOptions.builder()
                                                .ownership(QueryOwnership.SESSION)
                                                .accounts(List.of("444455556666"))
                                                .build()))
                        .queryReaders(
                                List.of(
                                        Role.Builder.create(this, "Support")
                                                .assumedBy(new AccountPrincipal(this.getAccount()))
                                                .build()))
                        .queryCompletion(
                                QueryCompletion.adaptivePolling(
                                        AdaptivePollingOptions.builder()
                                                .percentage(10)
                                                .maxInterval(Duration.minutes(1))
                                                .build()))
                        .queryTimeout(Duration.hours(2))
                        .bytesScannedCutoffPerQuery(Size.gibibytes(5))
                        .callbackPolicy(
                                CallbackPolicy.hosts(
                                        CallbackHostsOptions.builder()
                                                .hosts(
                                                        List.of(
                                                                "hooks.example.com",
                                                                "*.example.org"))
                                                .build()))
                        .signingKeys(SigningKeys.sharedSecret())
                        .accessLogs(
                                AccessLogs.logGroup(
                                        LogGroupAccessLogsOptions.builder()
                                                .logGroup(
                                                        LogGroup.Builder.create(this, "Requests")
                                                                .retention(RetentionDays.ONE_MONTH)
                                                                .build())
                                                .build()))
                        .deliveryWindow(Duration.hours(6))
                        .linkExpiry(Duration.minutes(15))
                        .logRetention(RetentionDays.ONE_WEEK)
                        .encryptionKey(
                                Key.Builder.create(this, "Key").enableKeyRotation(true).build())
                        .tracing(true)
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build();
        queries.addData(
                QueryableData.lakeFormation(
                        LakeFormationOptions.builder()
                                .database("governed")
                                .tables(List.of("people"))
                                .build()));
        queries.grantInvoke(
                Role.Builder.create(this, "Analysts")
                        .assumedBy(new AccountPrincipal(this.getAccount()))
                        .build());
        queries.addDashboard(
                QueryDashboardOptions.builder().defaultInterval(Duration.days(7)).build());
        queries.metricDeadLetters(MetricOptions.builder().period(Duration.minutes(1)).build())
                .createAlarm(
                        this,
                        "Lost",
                        CreateAlarmOptions.builder().threshold(1).evaluationPeriods(1).build());
        this.exportValue(
                queries.getQueriesUrl(),
                ExportValueOptions.builder().name("AnalystQueriesUrl").build());
    }
}
