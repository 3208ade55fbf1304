import { ApiError } from "../plugin/api-error.js";

/** An error as the provider prints it: the HTTP status, and the code and message of Azure's API. */
export function refuse(status: number, code: string, message: string): ApiError {
  return new ApiError(status, `Status=${status} Code="${code}" Message="${message}"`);
}
