/** What the role of a function in a VPC may do, by what Lambda documents. */
export const NETWORK_RIGHTS: readonly object[] = [
  {
    Effect: 'Allow',
    Action: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'],
    Resource: ['arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*'],
  },
  // Of any account: those of a shared VPC are its owner's.
  {
    Effect: 'Allow',
    Action: ['ec2:CreateNetworkInterface'],
    Resource: ['arn:<AWS::Partition>:ec2:<AWS::Region>:*:subnet/*', 'arn:<AWS::Partition>:ec2:<AWS::Region>:*:security-group/*'],
  },
  // EC2 knows no resources for these.
  { Effect: 'Allow', Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], Resource: ['*'] },
];
