import { ApiError } from "../plugin/api-error.js";

/** An error of EC2 as the provider shows it: aws-sdk-go-v2's words around the API's code and message. */
export function refuse(operation: string, code: string, message: string, status = 400): ApiError {
  return new ApiError(
    status,
    `operation error EC2: ${operation}, https response error StatusCode: ${status}, api error ${code}: ${message}`,
  );
}
