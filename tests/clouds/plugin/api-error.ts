/** An answer of the cloud's API that is no success; its message is what the real provider shows. */
export class ApiError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
