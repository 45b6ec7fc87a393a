/** The error of a prop with this message: before it stands the path of the construct, unless a factory threw it, which knows of none. */
export function refusal(message: string) {
  const escaped = message.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return expect.objectContaining({ name: 'InvalidPropError', message: expect.stringMatching(new RegExp(`^(?:Stack/\\w+: )?${escaped}$`)) });
}
