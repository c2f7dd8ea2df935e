import type { Logger } from 'pino';
import type { AgentObserver } from '../agent/observer.js';

/** Writes what the agents do into the log. A start that failed is news for the control plane and a warning here. */
export function logged(logger: Logger): AgentObserver {
  return {
    began: (step, vm) => {
      if (logger.isLevelEnabled('debug')) logger.debug({ ...vm, step }, `begins to ${step}`);
    },
    ended: (step, vm, end, tookMs, cause) => {
      if (end !== 'failed' && step !== 'announce' && !logger.isLevelEnabled('debug')) return;
      const fields = { ...vm, step, tookMs };
      if (end === 'failed') logger.warn({ ...fields, err: cause }, `could not ${step}`);
      else if (step === 'announce' && end === 'done') logger.info(fields, 'takes over a running VM');
      else logger.debug(fields, `${step} ${end}`);
    },
    told: (report) => {
      if (!logger.isLevelEnabled('info')) return;
      const { type, nodeId } = report;
      const vm = 'vmId' in report ? { vmId: report.vmId, epoch: report.epoch, correlationId: report.vmId } : {};
      const reason = type === 'ReportVMStartFailed' || type === 'ReportVMLost' ? { message: report.message } : {};
      logger.info({ nodeId, ...vm, ...reason }, type);
    },
    scriptEnded: (vm, returnCode, outputLength) =>
      logger.info({ ...vm, returnCode, outputLength }, 'startup script ended'),
    fault: (doing, nodeId, cause) => logger.warn({ nodeId, err: cause }, `could not ${doing}`),
  };
}
