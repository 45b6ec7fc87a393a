/** The media type of a Content-Type header, without parameters and in lower case; a request without the header counts as JSON. */
export function mediaType(header: string | undefined): string {
  return (header ?? 'application/json').split(';')[0].trim().toLowerCase();
}
