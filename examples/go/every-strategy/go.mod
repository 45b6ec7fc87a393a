module example.com/every-strategy

go 1.23

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.189.1
	github.com/aws/constructs-go/constructs/v10 v10.4.2
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-data-workflows/cdk-data-workflows-go/cdkdataworkflows v0.0.0
)
