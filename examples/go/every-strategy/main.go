// Every strategy of both constructs, in four stacks.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdocdb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-data-workflows/cdk-data-workflows-go/cdkdataworkflows"
)

// newAnalystQueriesStack: analysts of the company query a lake, and sign their requests.
func newAnalystQueriesStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, jsii.String(id), nil)

	lake := awss3.Bucket_FromBucketName(stack, jsii.String("Lake"), jsii.String("lake-data"))
	queries := cdkdataworkflows.NewAsyncAthenaQueryApi(stack, jsii.String("Queries"), &cdkdataworkflows.AsyncAthenaQueryApiProps{
		Database: jsii.String("sales"),
		QueryableData: &[]cdkdataworkflows.QueryableData{
			cdkdataworkflows.QueryableData_GlueTables(&cdkdataworkflows.GlueTablesOptions{
				Database: jsii.String("sales"),
				Bucket:   lake,
				Prefix:   jsii.String("sales/"),
			}),
			cdkdataworkflows.QueryableData_GlueTables(&cdkdataworkflows.GlueTablesOptions{
				Database: jsii.String("scratch"),
				Tables: &[]*string{
					jsii.String("totals"),
				},
				Bucket: lake,
				Prefix: jsii.String("totals/"),
				Write:  jsii.Bool(true),
			}),
		},
		SubmittedQueries: cdkdataworkflows.SubmittedQueries_AnySql(),
		SubmitAccess: cdkdataworkflows.SubmitAccess_Iam(&cdkdataworkflows.IamSubmitAccessOptions{
			Ownership: cdkdataworkflows.QueryOwnership_SESSION,
			Accounts: &[]*string{
				jsii.String("444455556666"),
			},
		}),
		QueryReaders: &[]awsiam.IGrantable{
			awsiam.NewRole(stack, jsii.String("Support"), &awsiam.RoleProps{
				AssumedBy: awsiam.NewAccountPrincipal(stack.Account()),
			}),
		},
		QueryCompletion: cdkdataworkflows.QueryCompletion_AdaptivePolling(&cdkdataworkflows.AdaptivePollingOptions{
			Percentage:  jsii.Number(10),
			MaxInterval: awscdk.Duration_Minutes(jsii.Number(1)),
		}),
		QueryTimeout:               awscdk.Duration_Hours(jsii.Number(2)),
		BytesScannedCutoffPerQuery: awscdk.Size_Gibibytes(jsii.Number(5)),
		CallbackPolicy: cdkdataworkflows.CallbackPolicy_Hosts(&cdkdataworkflows.CallbackHostsOptions{
			Hosts: &[]*string{
				jsii.String("hooks.example.com"),
				jsii.String("*.example.org"),
			},
		}),
		SigningKeys: cdkdataworkflows.SigningKeys_SharedSecret(),
		AccessLogs: cdkdataworkflows.AccessLogs_LogGroup(&cdkdataworkflows.LogGroupAccessLogsOptions{
			LogGroup: awslogs.NewLogGroup(stack, jsii.String("Requests"), &awslogs.LogGroupProps{
				Retention: awslogs.RetentionDays_ONE_MONTH,
			}),
		}),
		DeliveryWindow: awscdk.Duration_Hours(jsii.Number(6)),
		LinkExpiry:     awscdk.Duration_Minutes(jsii.Number(15)),
		LogRetention:   awslogs.RetentionDays_ONE_WEEK,
		EncryptionKey: awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{
			EnableKeyRotation: jsii.Bool(true),
		}),
		Tracing:       jsii.Bool(true),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	queries.AddData(cdkdataworkflows.QueryableData_LakeFormation(&cdkdataworkflows.LakeFormationOptions{
		Database: jsii.String("governed"),
		Tables: &[]*string{
			jsii.String("people"),
		},
	}))
	queries.GrantInvoke(awsiam.NewRole(stack, jsii.String("Analysts"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewAccountPrincipal(stack.Account()),
	}))
	queries.AddDashboard(&cdkdataworkflows.QueryDashboardOptions{
		DefaultInterval: awscdk.Duration_Days(jsii.Number(7)),
	})
	queries.MetricDeadLetters(&awscloudwatch.MetricOptions{
		Period: awscdk.Duration_Minutes(jsii.Number(1)),
	}).CreateAlarm(stack, jsii.String("Lost"), &awscloudwatch.CreateAlarmOptions{
		Threshold:         jsii.Number(1),
		EvaluationPeriods: jsii.Number(1),
	})
	stack.ExportValue(queries.QueriesUrl(), &awscdk.ExportValueOptions{
		Name: jsii.String("AnalystQueriesUrl"),
	})
	return stack
}

// newCustomerQueriesStack: programs of customers have tokens of a user pool, and submit queries by name.
func newCustomerQueriesStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, jsii.String(id), nil)

	customers := awscognito.NewUserPool(stack, jsii.String("Customers"), &awscognito.UserPoolProps{
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	submit := awscognito.NewResourceServerScope(&awscognito.ResourceServerScopeProps{
		ScopeName:        jsii.String("submit"),
		ScopeDescription: jsii.String("Submit queries"),
	})
	server := customers.AddResourceServer(jsii.String("Server"), &awscognito.UserPoolResourceServerOptions{
		Identifier: jsii.String("queries"),
		Scopes: &[]awscognito.ResourceServerScope{
			submit,
		},
	})
	customers.AddDomain(jsii.String("Domain"), &awscognito.UserPoolDomainOptions{
		CognitoDomain: &awscognito.CognitoDomainOptions{
			DomainPrefix: jsii.Sprintf("queries-%v", *stack.Account()),
		},
	})
	customers.AddClient(jsii.String("Customer"), &awscognito.UserPoolClientOptions{
		GenerateSecret: jsii.Bool(true),
		OAuth: &awscognito.OAuthSettings{
			Flows: &awscognito.OAuthFlows{
				ClientCredentials: jsii.Bool(true),
			},
			Scopes: &[]awscognito.OAuthScope{
				awscognito.OAuthScope_ResourceServer(server, submit),
			},
		},
	})
	queries := cdkdataworkflows.NewAsyncAthenaQueryApi(stack, jsii.String("Queries"), &cdkdataworkflows.AsyncAthenaQueryApiProps{
		Database: jsii.String("sales_eu"),
		Databases: &[]*string{
			jsii.String("sales_eu"),
			jsii.String("sales_us"),
		},
		QueryableData: &[]cdkdataworkflows.QueryableData{
			cdkdataworkflows.QueryableData_GlueTables(&cdkdataworkflows.GlueTablesOptions{
				Database: jsii.String("sales_eu"),
				Tables: &[]*string{
					jsii.String("orders"),
				},
				Bucket: awss3.Bucket_FromBucketName(stack, jsii.String("Eu"), jsii.String("sales-eu")),
				Prefix: jsii.String("orders/"),
			}),
			cdkdataworkflows.QueryableData_GlueTables(&cdkdataworkflows.GlueTablesOptions{
				Database: jsii.String("sales_us"),
				Tables: &[]*string{
					jsii.String("orders"),
				},
				Bucket: awss3.Bucket_FromBucketName(stack, jsii.String("Us"), jsii.String("sales-us")),
				Prefix: jsii.String("orders/"),
			}),
		},
		SubmittedQueries: cdkdataworkflows.SubmittedQueries_Named(&cdkdataworkflows.NamedQueriesOptions{
			Queries: &map[string]cdkdataworkflows.NamedQuery{
				"by_day": cdkdataworkflows.NamedQuery_Of(&cdkdataworkflows.NamedQueryOptions{
					Sql: jsii.String("SELECT product, amount FROM orders WHERE day = :day AND amount >= :least AND paid = :paid"),
					Parameters: &map[string]cdkdataworkflows.QueryParameter{
						"day":   cdkdataworkflows.QueryParameter_Date(),
						"least": cdkdataworkflows.QueryParameter_DecimalNumber(),
						"paid":  cdkdataworkflows.QueryParameter_TrueOrFalse(),
					},
				}),
				"by_product": cdkdataworkflows.NamedQuery_Of(&cdkdataworkflows.NamedQueryOptions{
					Sql: jsii.String("SELECT day, amount FROM orders WHERE product = :product AND amount >= :least AND changed < :until"),
					Parameters: &map[string]cdkdataworkflows.QueryParameter{
						"least": cdkdataworkflows.QueryParameter_Integer(),
						"product": cdkdataworkflows.QueryParameter_Text(&cdkdataworkflows.TextQueryParameterOptions{
							MaxLength: jsii.Number(40),
						}),
						"until": cdkdataworkflows.QueryParameter_Timestamp(),
					},
				}),
				"days": cdkdataworkflows.NamedQuery_Of(&cdkdataworkflows.NamedQueryOptions{
					Sql: jsii.String("SELECT DISTINCT day FROM orders"),
				}),
			},
		}),
		SubmitAccess: cdkdataworkflows.SubmitAccess_Cognito(&cdkdataworkflows.CognitoSubmitAccessOptions{
			UserPools: &[]awscognito.IUserPool{
				customers,
			},
			Scopes: &[]*string{
				jsii.String("queries/submit"),
			},
		}),
		QueryCompletion: cdkdataworkflows.QueryCompletion_Managed(),
		CallbackPolicy:  cdkdataworkflows.CallbackPolicy_PublicHosts(),
		SigningKeys:     cdkdataworkflows.SigningKeys_Ed25519(nil),
		AccessLogs:      cdkdataworkflows.AccessLogs_None(),
		Announcements: &[]cdkdataworkflows.QueryAnnouncement{
			cdkdataworkflows.QueryAnnouncement_EventBus(&cdkdataworkflows.EventBusAnnouncementOptions{
				Bus: awsevents.EventBus_FromEventBusName(stack, jsii.String("Bus"), jsii.String("company")),
			}),
			cdkdataworkflows.QueryAnnouncement_Queue(&cdkdataworkflows.QueueAnnouncementOptions{
				Queue: awssqs.NewQueue(stack, jsii.String("Ended"), &awssqs.QueueProps{
					Encryption: awssqs.QueueEncryption_SQS_MANAGED,
					EnforceSSL: jsii.Bool(true),
				}),
			}),
			cdkdataworkflows.QueryAnnouncement_Topic(&cdkdataworkflows.TopicAnnouncementOptions{
				Topic: awssns.Topic_FromTopicArn(stack, jsii.String("Topic"), stack.FormatArn(&awscdk.ArnComponents{
					Service:  jsii.String("sns"),
					Resource: jsii.String("ended"),
				})),
			}),
		},
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	stack.ExportValue(queries.QueriesUrl(), &awscdk.ExportValueOptions{
		Name: jsii.String("CustomerQueriesUrl"),
	})
	return stack
}

// newPartnerQueriesStack: partners have API keys. What keeps state was there before.
func newPartnerQueriesStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, jsii.String(id), nil)

	plan := awsapigateway.NewUsagePlan(stack, jsii.String("Partners"), &awsapigateway.UsagePlanProps{
		Throttle: &awsapigateway.ThrottleSettings{
			RateLimit:  jsii.Number(1),
			BurstLimit: jsii.Number(5),
		},
		Quota: &awsapigateway.QuotaSettings{
			Limit:  jsii.Number(1000),
			Period: awsapigateway.Period_DAY,
		},
	})
	plan.AddApiKey(awsapigateway.NewApiKey(stack, jsii.String("Partner"), nil), nil)
	cdkdataworkflows.NewAsyncAthenaQueryApi(stack, jsii.String("Queries"), &cdkdataworkflows.AsyncAthenaQueryApiProps{
		QueryableData: &[]cdkdataworkflows.QueryableData{
			cdkdataworkflows.QueryableData_GlueTables(&cdkdataworkflows.GlueTablesOptions{
				Database: jsii.String("public"),
				Bucket:   awss3.Bucket_FromBucketName(stack, jsii.String("Data"), jsii.String("public-data")),
			}),
		},
		SubmitAccess: cdkdataworkflows.SubmitAccess_ApiKey(&cdkdataworkflows.ApiKeySubmitAccessOptions{
			Plans: &[]awsapigateway.UsagePlan{
				plan,
			},
		}),
		QueryManagement: jsii.Bool(false),
		QueryCompletion: cdkdataworkflows.QueryCompletion_Polling(&cdkdataworkflows.PollingOptions{
			Interval: awscdk.Duration_Seconds(jsii.Number(30)),
		}),
		SigningSecret: awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("Secret"), jsii.String("callback-secret")),
		ResultBucket:  awss3.Bucket_FromBucketName(stack, jsii.String("Results"), jsii.String("partner-results")),
		ResultPrefix:  jsii.String("answers/"),
		WorkGroupName: jsii.String("partners"),
		DeadLetterQueue: awssqs.Queue_FromQueueArn(stack, jsii.String("DeadLetters"), stack.FormatArn(&awscdk.ArnComponents{
			Service:  jsii.String("sqs"),
			Resource: jsii.String("dead-letters"),
		})),
	})
	return stack
}

// newRunsStack: runs over collections of MongoDB and DocumentDB, and over a source of one's own.
func newRunsStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, jsii.String(id), nil)

	connectionSecret := awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("Connection"), jsii.String("mongodb"))
	handler := awslambda.NewFunction(stack, jsii.String("Handler"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(jsii.String("exports.handler = async (event) => console.log(JSON.stringify(event));")),
		Timeout: awscdk.Duration_Seconds(jsii.Number(20)),
	})

	byTime := cdkdataworkflows.NewPagedBatchEtl(stack, jsii.String("ByTime"), &cdkdataworkflows.PagedBatchEtlProps{
		Source: cdkdataworkflows.PageSource_Mongo(&cdkdataworkflows.MongoSourceOptions{
			ConnectionSecret: connectionSecret,
			Database:         jsii.String("analytics"),
			Collection:       jsii.String("jobs"),
			Sort: &[]*string{
				jsii.String("runDate"),
				jsii.String("_id"),
			},
			Filter: cdkdataworkflows.MongoFilter_Ejson(jsii.String("{ \"runDate\": { \"$gte\": \"$$begin\", \"$lt\": \"$$end\" }, \"team\": \"$$team\" }")),
			Projection: &[]*string{
				jsii.String("team"),
				jsii.String("result"),
			},
			IfMissing:   cdkdataworkflows.MissingCollection_EMPTY,
			ItemFormat:  cdkdataworkflows.MongoItemFormat_CANONICAL,
			ReadConcern: cdkdataworkflows.MongoReadConcern_MAJORITY,
		}),
		Parameters: &map[string]cdkdataworkflows.RunParameter{
			"begin": cdkdataworkflows.RunParameter_Date(nil),
			"end":   cdkdataworkflows.RunParameter_Date(nil),
			"team": cdkdataworkflows.RunParameter_Text(&cdkdataworkflows.TextParameterOptions{
				DefaultValue: jsii.String("sales"),
			}),
		},
		Processor: cdkdataworkflows.ItemProcessor_PerBatch(&cdkdataworkflows.PerBatchProcessorOptions{
			Handler:       handler,
			RetryAttempts: jsii.Number(3),
		}),
		Transport: cdkdataworkflows.PageTransport_S3(&cdkdataworkflows.S3TransportOptions{
			MaxPageBytes: awscdk.Size_Mebibytes(jsii.Number(4)),
		}),
		Partitions: cdkdataworkflows.Partitions_OfTime(&cdkdataworkflows.EqualPartitionsOptions{
			Workers: jsii.Number(4),
		}),
		FailurePolicy: cdkdataworkflows.FailurePolicy_Tolerate(&cdkdataworkflows.TolerateOptions{
			MaxItems: jsii.Number(100),
			DeadLetters: &cdkdataworkflows.DeadLetterOptions{
				WithDocuments: jsii.Bool(true),
			},
		}),
		Ledger: cdkdataworkflows.RunLedger_Table(&cdkdataworkflows.TableLedgerOptions{
			WhenLocked: cdkdataworkflows.WhenLocked_WAIT,
		}),
		EmptyRun: cdkdataworkflows.EmptyRun_FAIL,
		Continuation: cdkdataworkflows.RunContinuation_Supervised(&cdkdataworkflows.SupervisedOptions{
			OutageTolerance: awscdk.Duration_Minutes(jsii.Number(30)),
		}),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	byTime.AddSchedule(jsii.String("Hourly"), &cdkdataworkflows.AddScheduleOptions{
		Schedule: awsscheduler.ScheduleExpression_Rate(awscdk.Duration_Hours(jsii.Number(1))),
		Window: cdkdataworkflows.RunWindow_SinceWatermark(&cdkdataworkflows.SinceWatermarkOptions{
			Begin:   jsii.String("begin"),
			End:     jsii.String("end"),
			StartAt: jsii.String("2026-01-01T00:00:00Z"),
		}),
	})
	byTime.AddBackfill(jsii.String("Year"), &cdkdataworkflows.AddBackfillOptions{
		Begin:          jsii.String("2025-01-01"),
		End:            jsii.String("2026-01-01"),
		Step:           awscdk.Duration_Days(jsii.Number(1)),
		BeginParameter: jsii.String("begin"),
		EndParameter:   jsii.String("end"),
		Concurrency:    jsii.Number(2),
	})
	byTime.AddStalenessAlarm(jsii.String("Stale"), &cdkdataworkflows.StalenessAlarmOptions{
		After: awscdk.Duration_Hours(jsii.Number(6)),
	})
	byTime.AddDashboard(nil)
	operators := awsiam.NewRole(stack, jsii.String("Operators"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewAccountPrincipal(stack.Account()),
	})
	byTime.GrantStartExecution(operators)
	byTime.GrantRedrive(operators)
	byTime.GrantReadDeadLetters(operators)
	byTime.MetricItemsRead(&awscloudwatch.MetricOptions{
		Period: awscdk.Duration_Hours(jsii.Number(1)),
	}).CreateAlarm(stack, jsii.String("Few"), &awscloudwatch.CreateAlarmOptions{
		Threshold:         jsii.Number(1),
		EvaluationPeriods: jsii.Number(1),
	})

	cdkdataworkflows.NewPagedBatchEtl(stack, jsii.String("ById"), &cdkdataworkflows.PagedBatchEtlProps{
		Source: cdkdataworkflows.PageSource_Mongo(&cdkdataworkflows.MongoSourceOptions{
			ConnectionSecret: connectionSecret,
			Database:         jsii.String("analytics"),
			Collection:       jsii.String("events"),
		}),
		Processor: cdkdataworkflows.ItemProcessor_PerItem(&cdkdataworkflows.PerItemProcessorOptions{
			Handler:        handler,
			MaxConcurrency: jsii.Number(20),
		}),
		Partitions: cdkdataworkflows.Partitions_OfObjectIds(&cdkdataworkflows.EqualPartitionsOptions{
			Workers: jsii.Number(2),
			Slices:  jsii.Number(8),
		}),
		FailurePolicy:    cdkdataworkflows.FailurePolicy_FailFast(),
		IdempotencyScope: cdkdataworkflows.IdempotencyScope_ITEM,
		RemovalPolicy:    awscdk.RemovalPolicy_DESTROY,
	})

	enrich := awsstepfunctions.NewStateMachine(stack, jsii.String("Enrich"), &awsstepfunctions.StateMachineProps{
		DefinitionBody: awsstepfunctions.DefinitionBody_FromChainable(awsstepfunctions.NewPass(stack, jsii.String("Nothing"), nil)),
	})
	cdkdataworkflows.NewPagedBatchEtl(stack, jsii.String("ByName"), &cdkdataworkflows.PagedBatchEtlProps{
		Source: cdkdataworkflows.PageSource_Mongo(&cdkdataworkflows.MongoSourceOptions{
			ConnectionSecret: connectionSecret,
			Database:         jsii.String("analytics"),
			Collection:       jsii.String("people"),
			Sort: &[]*string{
				jsii.String("name"),
				jsii.String("_id"),
			},
		}),
		Parameters: &map[string]cdkdataworkflows.RunParameter{
			"owner": cdkdataworkflows.RunParameter_ObjectId(nil),
			"least": cdkdataworkflows.RunParameter_Integer(&cdkdataworkflows.IntegerParameterOptions{
				DefaultValue: jsii.Number(0),
			}),
		},
		Processor: cdkdataworkflows.ItemProcessor_StateMachine(&cdkdataworkflows.StateMachineProcessorOptions{
			StateMachine: enrich,
			Timeout:      awscdk.Duration_Minutes(jsii.Number(10)),
		}),
		Transport: cdkdataworkflows.PageTransport_Inline(),
		Partitions: cdkdataworkflows.Partitions_At(&cdkdataworkflows.PartitionsAtOptions{
			Boundaries: &[]*string{
				jsii.String("\"g\""),
				jsii.String("\"n\""),
				jsii.String("\"t\""),
			},
		}),
		Ledger:        cdkdataworkflows.RunLedger_None(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})

	vpc := awsec2.NewVpc(stack, jsii.String("Vpc"), &awsec2.VpcProps{
		MaxAzs:      jsii.Number(2),
		NatGateways: jsii.Number(1),
	})
	cluster := awsdocdb.NewDatabaseCluster(stack, jsii.String("Cluster"), &awsdocdb.DatabaseClusterProps{
		Vpc: vpc,
		MasterUser: &awsdocdb.Login{
			Username: jsii.String("reader"),
		},
		InstanceType:  awsec2.InstanceType_Of(awsec2.InstanceClass_T4G, awsec2.InstanceSize_MEDIUM),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	nightly := cdkdataworkflows.NewPagedBatchEtl(stack, jsii.String("Nightly"), &cdkdataworkflows.PagedBatchEtlProps{
		Source: cdkdataworkflows.PageSource_DocumentDb(&cdkdataworkflows.DocumentDbSourceOptions{
			ConnectionSecret: cluster.Secret(),
			Vpc:              vpc,
			Database:         jsii.String("analytics"),
			Collection:       jsii.String("jobs"),
			Sort: &[]*string{
				jsii.String("runDate"),
				jsii.String("_id"),
			},
			Filter: cdkdataworkflows.MongoFilter_Ejson(jsii.String("{ \"runDate\": { \"$gte\": \"$$begin\", \"$lt\": \"$$end\" } }")),
		}),
		Parameters: &map[string]cdkdataworkflows.RunParameter{
			"begin": cdkdataworkflows.RunParameter_Date(nil),
			"end":   cdkdataworkflows.RunParameter_Date(nil),
		},
		Processor: cdkdataworkflows.ItemProcessor_PerBatch(&cdkdataworkflows.PerBatchProcessorOptions{
			Handler: handler,
		}),
		Partitions:    cdkdataworkflows.Partitions_None(),
		Continuation:  cdkdataworkflows.RunContinuation_SelfRestart(nil),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	nightly.Connections().AllowToDefaultPort(cluster, nil)
	nightly.AddSchedule(jsii.String("AtFour"), &cdkdataworkflows.AddScheduleOptions{
		Schedule: awsscheduler.ScheduleExpression_Cron(&awsscheduler.CronOptionsWithTimezone{
			Hour:     jsii.String("4"),
			Minute:   jsii.String("0"),
			TimeZone: awscdk.TimeZone_EUROPE_BERLIN(),
		}),
		Window: cdkdataworkflows.RunWindow_PreviousDay(&cdkdataworkflows.PreviousDayOptions{
			Begin:    jsii.String("begin"),
			End:      jsii.String("end"),
			TimeZone: jsii.String("Europe/Berlin"),
		}),
	})

	orders := cdkdataworkflows.NewPagedBatchEtl(stack, jsii.String("Orders"), &cdkdataworkflows.PagedBatchEtlProps{
		Source: cdkdataworkflows.PageSource_Custom(&cdkdataworkflows.CustomSourceOptions{
			Handler: handler,
			Timeout: awscdk.Duration_Minutes(jsii.Number(2)),
		}),
		Parameters: &map[string]cdkdataworkflows.RunParameter{
			"begin": cdkdataworkflows.RunParameter_Date(nil),
			"end":   cdkdataworkflows.RunParameter_Date(nil),
		},
		Processor: cdkdataworkflows.ItemProcessor_PerBatch(&cdkdataworkflows.PerBatchProcessorOptions{
			Handler: handler,
		}),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	orders.AddSchedule(jsii.String("EverySixHours"), &cdkdataworkflows.AddScheduleOptions{
		Schedule: awsscheduler.ScheduleExpression_Rate(awscdk.Duration_Hours(jsii.Number(6))),
		Window: cdkdataworkflows.RunWindow_LastHours(&cdkdataworkflows.LastHoursOptions{
			Begin: jsii.String("begin"),
			End:   jsii.String("end"),
			Hours: jsii.Number(6),
		}),
	})
	return stack
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	newAnalystQueriesStack(app, "AnalystQueries")
	newCustomerQueriesStack(app, "CustomerQueries")
	newPartnerQueriesStack(app, "PartnerQueries")
	newRunsStack(app, "Runs")
	app.Synth(nil)
}
