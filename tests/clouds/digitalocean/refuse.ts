import { ApiError } from "../plugin/api-error.js";

/** An error as terraform-provider-digitalocean words it: what it did, the HTTP status, and the API's message. */
export function refuse(doing: string, status: number, message: string): ApiError {
  return new ApiError(status, `Error ${doing}: ${status} ${message}`);
}
