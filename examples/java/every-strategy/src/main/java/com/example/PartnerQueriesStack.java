package com.example;

import io.github.cdkdataworkflows.ApiKeySubmitAccessOptions;
import io.github.cdkdataworkflows.AsyncAthenaQueryApi;
import io.github.cdkdataworkflows.GlueTablesOptions;
import io.github.cdkdataworkflows.PollingOptions;
import io.github.cdkdataworkflows.QueryCompletion;
import io.github.cdkdataworkflows.QueryableData;
import io.github.cdkdataworkflows.SubmitAccess;

import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.apigateway.ApiKey;
import software.amazon.awscdk.services.apigateway.Period;
import software.amazon.awscdk.services.apigateway.QuotaSettings;
import software.amazon.awscdk.services.apigateway.ThrottleSettings;
import software.amazon.awscdk.services.apigateway.UsagePlan;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

import java.util.List;

/** Partners have API keys. What keeps state was there before. */
public class PartnerQueriesStack extends Stack {
    public PartnerQueriesStack(Construct scope, String id) {
        super(scope, id);

        UsagePlan plan =
                UsagePlan.Builder.create(this, "Partners")
                        .throttle(ThrottleSettings.builder().rateLimit(1).burstLimit(5).build())
                        .quota(QuotaSettings.builder().limit(1000).period(Period.DAY).build())
                        .build();
        plan.addApiKey(new ApiKey(this, "Partner"));
        AsyncAthenaQueryApi.Builder.create(this, "Queries")
                .queryableData(
                        List.of(
                                QueryableData.glueTables(
                                        GlueTablesOptions.builder()
                                                .database("public")
                                                .bucket(
                                                        Bucket.fromBucketName(
                                                                this, "Data", "public-data"))
                                                .build())))
                .submitAccess(
                        SubmitAccess.apiKey(
                                ApiKeySubmitAccessOptions.builder().plans(List.of(plan)).build()))
                .queryManagement(false)
                .queryCompletion(
                        QueryCompletion.polling(
                                PollingOptions.builder().interval(Duration.seconds(30)).build()))
                .signingSecret(Secret.fromSecretNameV2(this, "Secret", "callback-secret"))
                .resultBucket(Bucket.fromBucketName(this, "Results", "partner-results"))
                .resultPrefix("answers/")
                .workGroupName("partners")
                .deadLetterQueue(
                        Queue.fromQueueArn(
                                this,
                                "DeadLetters",
                                this.formatArn(
                                        ArnComponents.builder()
                                                .service("sqs")
                                                .resource("dead-letters")
                                                .build())))
                .build();
    }
}
