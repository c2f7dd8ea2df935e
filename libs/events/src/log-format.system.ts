/** How each of our programs writes its log: options for pino. One JSON object a line, with `level`, `time` (RFC 3339), `app` and `pid`. */
export function logFormat(app: string) {
  return {
    base: { app, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
}
