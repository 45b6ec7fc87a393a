import { Duration } from 'aws-cdk-lib';

/**
 * How long a function may take that an API asks: API Gateway waits 29 seconds for an answer. Source: API Gateway developer guide, "Quotas for configuring
 * and running a REST API".
 */
export const API_FUNCTION_TIMEOUT = Duration.seconds(28);
