import { ApiError } from "../plugin/api-error.js";

/** An error as terraform-provider-google words it: what it did, and the API's answer. */
export function refuse(doing: string, status: number, message: string): ApiError {
  return new ApiError(status, `Error ${doing}: googleapi: Error ${status}: ${message}`);
}
