package com.example;

import io.github.cdkdataworkflows.AddBackfillOptions;
import io.github.cdkdataworkflows.AddScheduleOptions;
import io.github.cdkdataworkflows.CustomSourceOptions;
import io.github.cdkdataworkflows.DeadLetterOptions;
import io.github.cdkdataworkflows.DocumentDbSourceOptions;
import io.github.cdkdataworkflows.EmptyRun;
import io.github.cdkdataworkflows.EqualPartitionsOptions;
import io.github.cdkdataworkflows.FailurePolicy;
import io.github.cdkdataworkflows.IdempotencyScope;
import io.github.cdkdataworkflows.IntegerParameterOptions;
import io.github.cdkdataworkflows.ItemProcessor;
import io.github.cdkdataworkflows.LastHoursOptions;
import io.github.cdkdataworkflows.MissingCollection;
import io.github.cdkdataworkflows.MongoFilter;
import io.github.cdkdataworkflows.MongoItemFormat;
import io.github.cdkdataworkflows.MongoReadConcern;
import io.github.cdkdataworkflows.MongoSourceOptions;
import io.github.cdkdataworkflows.PageSource;
import io.github.cdkdataworkflows.PageTransport;
import io.github.cdkdataworkflows.PagedBatchEtl;
import io.github.cdkdataworkflows.Partitions;
import io.github.cdkdataworkflows.PartitionsAtOptions;
import io.github.cdkdataworkflows.PerBatchProcessorOptions;
import io.github.cdkdataworkflows.PerItemProcessorOptions;
import io.github.cdkdataworkflows.PreviousDayOptions;
import io.github.cdkdataworkflows.RunContinuation;
import io.github.cdkdataworkflows.RunLedger;
import io.github.cdkdataworkflows.RunParameter;
import io.github.cdkdataworkflows.RunWindow;
import io.github.cdkdataworkflows.S3TransportOptions;
import io.github.cdkdataworkflows.SinceWatermarkOptions;
import io.github.cdkdataworkflows.StalenessAlarmOptions;
import io.github.cdkdataworkflows.StateMachineProcessorOptions;
import io.github.cdkdataworkflows.SupervisedOptions;
import io.github.cdkdataworkflows.TableLedgerOptions;
import io.github.cdkdataworkflows.TextParameterOptions;
import io.github.cdkdataworkflows.TolerateOptions;
import io.github.cdkdataworkflows.WhenLocked;

import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.TimeZone;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.docdb.DatabaseCluster;
import software.amazon.awscdk.services.docdb.Login;
import software.amazon.awscdk.services.ec2.InstanceClass;
import software.amazon.awscdk.services.ec2.InstanceSize;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.iam.AccountPrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.scheduler.CronOptionsWithTimezone;
import software.amazon.awscdk.services.scheduler.ScheduleExpression;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.Pass;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.constructs.Construct;

import java.util.List;
import java.util.Map;

/** Runs over collections of MongoDB and DocumentDB, and over a source of one's own. */
public class RunsStack extends Stack {
    public RunsStack(Construct scope, String id) {
        super(scope, id);

        ISecret connectionSecret = Secret.fromSecretNameV2(this, "Connection", "mongodb");
        Function handler =
                Function.Builder.create(this, "Handler")
                        .runtime(Runtime.NODEJS_22_X)
                        .handler("index.handler")
                        .code(
                                Code.fromInline(
                                        "exports.handler = async (event) =>"
                                            + " console.log(JSON.stringify(event));"))
                        .timeout(Duration.seconds(20))
                        .build();

        PagedBatchEtl byTime =
                PagedBatchEtl.Builder.create(this, "ByTime")
                        .source(
                                PageSource.mongo(
                                        MongoSourceOptions.builder()
                                                .connectionSecret(connectionSecret)
                                                .database("analytics")
                                                .collection("jobs")
                                                .sort(List.of("runDate", "_id"))
                                                .filter(
                                                        MongoFilter.ejson(
                                                                "{ \"runDate\": { \"$gte\":"
                                                                    + " \"$$begin\", \"$lt\":"
                                                                    + " \"$$end\" }, \"team\":"
                                                                    + " \"$$team\" }"))
                                                .projection(List.of("team", "result"))
                                                .ifMissing(MissingCollection.EMPTY)
                                                .itemFormat(MongoItemFormat.CANONICAL)
                                                .readConcern(MongoReadConcern.MAJORITY)
                                                .build()))
                        .parameters(
                                Map.of(
                                        "begin",
                                        RunParameter.date(),
                                        "end",
                                        RunParameter.date(),
                                        "team",
                                        RunParameter.text(
                                                TextParameterOptions.builder()
                                                        .defaultValue("sales")
                                                        .build())))
                        .processor(
                                ItemProcessor.perBatch(
                                        PerBatchProcessorOptions.builder()
                                                .handler(handler)
                                                .retryAttempts(3)
                                                .build()))
                        .transport(
                                PageTransport.s3(
                                        S3TransportOptions.builder()
                                                .maxPageBytes(Size.mebibytes(4))
                                                .build()))
                        .partitions(
                                Partitions.ofTime(
                                        EqualPartitionsOptions.builder().workers(4).build()))
                        .failurePolicy(
                                FailurePolicy.tolerate(
                                        TolerateOptions.builder()
                                                .maxItems(100)
                                                .deadLetters(
                                                        DeadLetterOptions.builder()
                                                                .withDocuments(true)
                                                                .build())
                                                .build()))
                        .ledger(
                                RunLedger.table(
                                        TableLedgerOptions.builder()
                                                .whenLocked(WhenLocked.WAIT)
                                                .build()))
                        .emptyRun(EmptyRun.FAIL)
                        .continuation(
                                RunContinuation.supervised(
                                        SupervisedOptions.builder()
                                                .outageTolerance(Duration.minutes(30))
                                                .build()))
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build();
        byTime.addSchedule(
                "Hourly",
                AddScheduleOptions.builder()
                        .schedule(ScheduleExpression.rate(Duration.hours(1)))
                        .window(
                                RunWindow.sinceWatermark(
                                        SinceWatermarkOptions.builder()
                                                .begin("begin")
                                                .end("end")
                                                .startAt("2026-01-01T00:00:00Z")
                                                .build()))
                        .build());
        byTime.addBackfill(
                "Year",
                AddBackfillOptions.builder()
                        .begin("2025-01-01")
                        .end("2026-01-01")
                        .step(Duration.days(1))
                        .beginParameter("begin")
                        .endParameter("end")
                        .concurrency(2)
                        .build());
        byTime.addStalenessAlarm(
                "Stale", StalenessAlarmOptions.builder().after(Duration.hours(6)).build());
        byTime.addDashboard();
        Role operators =
                Role.Builder.create(this, "Operators")
                        .assumedBy(new AccountPrincipal(this.getAccount()))
                        .build();
        byTime.grantStartExecution(operators);
        byTime.grantRedrive(operators);
        byTime.grantReadDeadLetters(operators);
        byTime.metricItemsRead(MetricOptions.builder().period(Duration.hours(1)).build())
                .createAlarm(
                        this,
                        "Few",
                        CreateAlarmOptions.builder().threshold(1).evaluationPeriods(1).build());

        PagedBatchEtl.Builder.create(this, "ById")
                .source(
                        PageSource.mongo(
                                MongoSourceOptions.builder()
                                        .connectionSecret(connectionSecret)
                                        .database("analytics")
                                        .collection("events")
                                        .build()))
                .processor(
                        ItemProcessor.perItem(
                                PerItemProcessorOptions.builder()
                                        .handler(handler)
                                        .maxConcurrency(20)
                                        .build()))
                .partitions(
                        Partitions.ofObjectIds(
                                EqualPartitionsOptions.builder().workers(2).slices(8).build()))
                .failurePolicy(FailurePolicy.failFast())
                .idempotencyScope(IdempotencyScope.ITEM)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();

        StateMachine enrich =
                StateMachine.Builder.create(this, "Enrich")
                        .definitionBody(DefinitionBody.fromChainable(new Pass(this, "Nothing")))
                        .build();
        PagedBatchEtl.Builder.create(this, "ByName")
                .source(
                        PageSource.mongo(
                                MongoSourceOptions.builder()
                                        .connectionSecret(connectionSecret)
                                        .database("analytics")
                                        .collection("people")
                                        .sort(List.of("name", "_id"))
                                        .build()))
                .parameters(
                        Map.of(
                                "owner",
                                RunParameter.objectId(),
                                "least",
                                RunParameter.integer(
                                        IntegerParameterOptions.builder().defaultValue(0).build())))
                .processor(
                        ItemProcessor.stateMachine(
                                StateMachineProcessorOptions.builder()
                                        .stateMachine(enrich)
                                        .timeout(Duration.minutes(10))
                                        .build()))
                .transport(PageTransport.inline())
                .partitions(
                        Partitions.at(
                                PartitionsAtOptions.builder()
                                        .boundaries(List.of("\"g\"", "\"n\"", "\"t\""))
                                        .build()))
                .ledger(RunLedger.none())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();

        Vpc vpc = Vpc.Builder.create(this, "Vpc").maxAzs(2).natGateways(1).build();
        DatabaseCluster cluster =
                DatabaseCluster.Builder.create(this, "Cluster")
                        .vpc(vpc)
                        .masterUser(Login.builder().username("reader").build())
                        .instanceType(InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM))
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build();
        PagedBatchEtl nightly =
                PagedBatchEtl.Builder.create(this, "Nightly")
                        .source(
                                PageSource.documentDb(
                                        DocumentDbSourceOptions.builder()
                                                .connectionSecret(cluster.getSecret())
                                                .vpc(vpc)
                                                .database("analytics")
                                                .collection("jobs")
                                                .sort(List.of("runDate", "_id"))
                                                .filter(
                                                        MongoFilter.ejson(
                                                                "{ \"runDate\": { \"$gte\":"
                                                                    + " \"$$begin\", \"$lt\":"
                                                                    + " \"$$end\" } }"))
                                                .build()))
                        .parameters(
                                Map.of("begin", RunParameter.date(), "end", RunParameter.date()))
                        .processor(
                                ItemProcessor.perBatch(
                                        PerBatchProcessorOptions.builder()
                                                .handler(handler)
                                                .build()))
                        .partitions(Partitions.none())
                        .continuation(RunContinuation.selfRestart())
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build();
        nightly.getConnections().allowToDefaultPort(cluster);
        nightly.addSchedule(
                "AtFour",
                AddScheduleOptions.builder()
                        .schedule(
                                ScheduleExpression.cron(
                                        CronOptionsWithTimezone.builder()
                                                .hour("4")
                                                .minute("0")
                                                .timeZone(TimeZone.EUROPE_BERLIN)
                                                .build()))
                        .window(
                                RunWindow.previousDay(
                                        PreviousDayOptions.builder()
                                                .begin("begin")
                                                .end("end")
                                                .timeZone("Europe/Berlin")
                                                .build()))
                        .build());

        PagedBatchEtl orders =
                PagedBatchEtl.Builder.create(this, "Orders")
                        .source(
                                PageSource.custom(
                                        CustomSourceOptions.builder()
                                                .handler(handler)
                                                .timeout(Duration.minutes(2))
                                                .build()))
                        .parameters(
                                Map.of("begin", RunParameter.date(), "end", RunParameter.date()))
                        .processor(
                                ItemProcessor.perBatch(
                                        PerBatchProcessorOptions.builder()
                                                .handler(handler)
                                                .build()))
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build();
        orders.addSchedule(
                "EverySixHours",
                AddScheduleOptions.builder()
                        .schedule(ScheduleExpression.rate(Duration.hours(6)))
                        .window(
                                RunWindow.lastHours(
                                        LastHoursOptions.builder()
                                                .begin("begin")
                                                .end("end")
                                                .hours(6)
                                                .build()))
                        .build());
    }
}
