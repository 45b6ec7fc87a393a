import { createHash } from 'node:crypto';
import { VpcEndpoint, VpcEndpoints } from './vpc-endpoints';
import { formerly, remadeInPlace, ResourceChanges, ResourceProvider, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** What a network resource may say, and what others may learn of it. */
interface InertType {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  /** Lists of security group rules. */
  readonly rules?: readonly string[];
  /** Beginning of its id: `vpc`. */
  readonly prefix: string;
  /** What `Ref` answers. Default: the id. */
  readonly ref?: (id: string, text: ReadText) => string;
  readonly attributes?: (id: string, text: ReadText) => Readonly<Record<string, string>>;
}

/** A property as text; empty when it is absent. */
type ReadText = (name: string) => string;

const PORTS = ['CidrIp', 'CidrIpv6', 'Description', 'FromPort', 'ToPort'];
const SOURCES = ['SourcePrefixListId', 'SourceSecurityGroupId', 'SourceSecurityGroupName', 'SourceSecurityGroupOwnerId'];
const DESTINATIONS = ['DestinationPrefixListId', 'DestinationSecurityGroupId'];
const ROUTE_DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];

/** Names of properties and attributes are from the CloudFormation reference. Attributes that are lists are not implemented. */
const TYPES: Readonly<Record<string, InertType>> = {
  'AWS::EC2::VPC': {
    optional: ['CidrBlock', 'EnableDnsHostnames', 'EnableDnsSupport', 'InstanceTenancy', 'Ipv4IpamPoolId', 'Ipv4NetmaskLength', 'Tags'],
    prefix: 'vpc',
    attributes: (id, text) => ({
      VpcId: id,
      CidrBlock: text('CidrBlock'),
      DefaultSecurityGroup: derivedId('sg', id),
      DefaultNetworkAcl: derivedId('acl', id),
    }),
  },
  'AWS::EC2::Subnet': {
    required: ['VpcId'],
    optional: [
      'AssignIpv6AddressOnCreation', 'AvailabilityZone', 'AvailabilityZoneId', 'CidrBlock', 'EnableDns64', 'Ipv4IpamPoolId', 'Ipv4NetmaskLength',
      'Ipv6CidrBlock', 'Ipv6IpamPoolId', 'Ipv6Native', 'Ipv6NetmaskLength', 'MapPublicIpOnLaunch', 'OutpostArn', 'PrivateDnsNameOptionsOnLaunch', 'Tags',
    ],
    prefix: 'subnet',
    attributes: (id, text) => ({
      SubnetId: id,
      VpcId: text('VpcId'),
      AvailabilityZone: text('AvailabilityZone'),
      CidrBlock: text('CidrBlock'),
      NetworkAclAssociationId: derivedId('aclassoc', id),
    }),
  },
  'AWS::EC2::RouteTable': { required: ['VpcId'], optional: ['Tags'], prefix: 'rtb', attributes: (id) => ({ RouteTableId: id }) },
  'AWS::EC2::Route': {
    required: ['RouteTableId'],
    optional: [
      ...ROUTE_DESTINATIONS, 'CarrierGatewayId', 'CoreNetworkArn', 'EgressOnlyInternetGatewayId', 'GatewayId', 'InstanceId', 'LocalGatewayId',
      'NatGatewayId', 'NetworkInterfaceId', 'TransitGatewayId', 'VpcEndpointId', 'VpcPeeringConnectionId',
    ],
    prefix: 'r',
    ref: (_, text) => `${text('RouteTableId')}|${ROUTE_DESTINATIONS.map(text).join('')}`,
  },
  'AWS::EC2::SubnetRouteTableAssociation': { required: ['RouteTableId', 'SubnetId'], prefix: 'rtbassoc', attributes: (id) => ({ Id: id }) },
  'AWS::EC2::InternetGateway': { optional: ['Tags'], prefix: 'igw', attributes: (id) => ({ InternetGatewayId: id }) },
  'AWS::EC2::VPCGatewayAttachment': {
    required: ['VpcId'],
    optional: ['InternetGatewayId', 'VpnGatewayId'],
    prefix: 'attachment',
    ref: (_, text) => `${attachmentType(text)}|${text('VpcId')}`,
    attributes: (_, text) => ({ AttachmentType: attachmentType(text) }),
  },
  'AWS::EC2::NatGateway': {
    required: ['SubnetId'],
    optional: [
      'AllocationId', 'ConnectivityType', 'MaxDrainDurationSeconds', 'PrivateIpAddress', 'SecondaryAllocationIds', 'SecondaryPrivateIpAddressCount',
      'SecondaryPrivateIpAddresses', 'Tags',
    ],
    prefix: 'nat',
    attributes: (id) => ({ NatGatewayId: id }),
  },
  'AWS::EC2::EIP': {
    optional: ['Address', 'Domain', 'InstanceId', 'IpamPoolId', 'NetworkBorderGroup', 'PublicIpv4Pool', 'Tags', 'TransferAddress'],
    prefix: 'eipalloc',
    ref: documentationAddress,
    attributes: (id) => ({ AllocationId: id, PublicIp: documentationAddress(id) }),
  },
  'AWS::EC2::SecurityGroup': {
    required: ['GroupDescription'],
    optional: ['GroupName', 'Tags', 'VpcId'],
    rules: ['SecurityGroupEgress', 'SecurityGroupIngress'],
    prefix: 'sg',
    attributes: (id, text) => ({ GroupId: id, Id: id, VpcId: text('VpcId') }),
  },
  'AWS::EC2::SecurityGroupIngress': {
    required: ['IpProtocol'], optional: ['GroupId', 'GroupName', ...PORTS, ...SOURCES], prefix: 'sgr', attributes: (id) => ({ Id: id }),
  },
  'AWS::EC2::SecurityGroupEgress': {
    required: ['GroupId', 'IpProtocol'], optional: [...PORTS, ...DESTINATIONS], prefix: 'sgr', attributes: (id) => ({ Id: id }),
  },
  'AWS::EC2::VPCEndpoint': {
    required: ['VpcId'],
    optional: [
      'DnsOptions', 'IpAddressType', 'PolicyDocument', 'PrivateDnsEnabled', 'ResourceConfigurationArn', 'RouteTableIds', 'SecurityGroupIds', 'ServiceName',
      'ServiceNetworkArn', 'ServiceRegion', 'SubnetIds', 'Tags', 'VpcEndpointType',
    ],
    prefix: 'vpce',
    attributes: (id) => ({ Id: id }),
  },
};

/**
 * Resource types of a network, all without effect: functions reach what the local cloud lets them reach, whatever their subnets and security
 * groups say. Every resource is reported, `LogicalId (Type)`.
 */
export function ec2Resources(reportNotModelled: (resource: string) => void, vpcEndpoints: VpcEndpoints = new VpcEndpoints()): ResourceProviders {
  const providers = Object.fromEntries(Object.entries(TYPES).map(([type, inert]) => [type, inertProvider(inert, reportNotModelled)]));
  const { 'AWS::EC2::VPCEndpoint': makeEndpoint } = providers;
  return {
    ...providers,
    'AWS::EC2::VPCEndpoint': async (request) => {
      const made = await makeEndpoint(request);
      vpcEndpoints.add({ id: made.ref, ...readEndpoint(request) });
      return made;
    },
  };
}

/**
 * What becomes of them in updates: nothing but APIs depends on what they say, and their ids stay.
 *
 * @param providers those that made them
 * @param forget takes back a report
 */
export function ec2Changes(providers: ResourceProviders, forget: (resource: string) => void, vpcEndpoints: VpcEndpoints): ResourceChanges {
  const changes = Object.fromEntries(Object.keys(TYPES).map((type) => (
    [type, remadeInPlace(providers[type], ({ logicalId }) => forget(`${logicalId} (${type})`))]
  )));
  const { 'AWS::EC2::VPCEndpoint': endpoint } = changes;
  return {
    ...changes,
    'AWS::EC2::VPCEndpoint': {
      update: (request) => {
        // An API that is called through it was told that it has none.
        if (readEndpoint(request).hasPolicy !== readEndpoint(formerly(request)).hasPolicy) {
          request.properties.unsupported('PolicyDocument', 'a policy of an endpoint that comes or goes');
        }
        return endpoint.update?.(request) ?? request.current;
      },
      remove: async (request) => {
        await endpoint.remove?.(request);
        vpcEndpoints.remove(request.current.ref);
      },
    },
  };
}

function readEndpoint({ properties }: ResourceRequest): Omit<VpcEndpoint, 'id'> {
  return {
    serviceName: properties.optionalString('ServiceName') ?? '',
    type: properties.optionalString('VpcEndpointType') ?? 'Gateway',
    hasPolicy: properties.has('PolicyDocument'),
  };
}

function inertProvider(inert: InertType, report: (resource: string) => void): ResourceProvider {
  return (request) => {
    const { properties, logicalId, type } = request;
    const { required = [], optional = [], rules = [] } = inert;
    const texts = new Map(required.map((name) => [name, properties.string(name)]));
    for (const name of optional) {
      const value = properties.json(name);
      if (typeof value === 'string') texts.set(name, value);
    }
    for (const name of rules) properties.list(name, readRule);
    report(`${logicalId} (${type})`);
    const id = createId(inert.prefix, request);
    const text = (name: string) => texts.get(name) ?? '';
    // An attribute that the template gives no value is not made up.
    const attributes = Object.entries(inert.attributes?.(id, text) ?? {}).filter(([, value]) => value !== '');
    return { ref: inert.ref?.(id, text) ?? id, attributes: Object.fromEntries(attributes) };
  };
}

function readRule(rule: StrictProperties): void {
  rule.string('IpProtocol');
  rule.notModelled(...PORTS, ...SOURCES, ...DESTINATIONS);
}

function attachmentType(text: ReadText): string {
  return text('InternetGatewayId') === '' ? 'VGW' : 'IGW';
}

/** An id like those of EC2; the same in every run. */
function createId(prefix: string, { environment: { accountId, region }, stackName, identity }: ResourceRequest): string {
  return derivedId(prefix, [accountId, region, stackName, identity].join('/'));
}

function derivedId(prefix: string, source: string): string {
  return `${prefix}-${createHash('sha256').update(source).digest('hex').slice(0, 17)}`;
}

/** An address that RFC 5737 keeps for documentation, so nobody can be at it. */
function documentationAddress(id: string): string {
  return `203.0.113.${createHash('sha256').update(id).digest()[0]}`;
}
