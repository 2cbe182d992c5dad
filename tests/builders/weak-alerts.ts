import type { Alert, AlertBook, Sample } from '../../src/alerts/index.ts';
import { byText, slowPort } from './weak-port.ts';

export function weakAlerts(): AlertBook {
  let alerts: Alert[] = [];
  let samples: Sample[] = [];
  const inOrder = byText<Alert>(
    (one) => one.since,
    (one) => one.alertId,
  );
  const isOpen = (one: Alert) => one.state !== 'resolved';
  return slowPort<AlertBook>({
    put: (all) => {
      for (const alert of all) {
        const known = alerts.find((one) => one.alertId === alert.alertId);
        alerts = alerts.filter((one) => one !== known);
        alerts.push({ ...alert, acknowledged: alert.acknowledged ?? known?.acknowledged ?? null });
      }
    },
    open: () => alerts.filter(isOpen).sort(inOrder),
    list: (limit) =>
      alerts
        .filter((one) => one.toldAt !== null)
        .sort(inOrder)
        .reverse()
        .slice(0, limit),
    acknowledge: (alertId, by) => {
      const found = alerts.find((one) => one.alertId === alertId && isOpen(one) && one.acknowledged === null);
      if (found) found.acknowledged = by;
      return found !== undefined;
    },
    sample: (sample) => {
      samples = [...samples.filter((one) => one.at !== sample.at), sample].sort(byText((one) => one.at));
    },
    samples: (from, limit) => samples.filter((one) => one.at >= from).slice(0, limit),
    forget: (before) => {
      const count = samples.length + alerts.length;
      samples = samples.filter((one) => one.at >= before);
      alerts = alerts.filter((one) => isOpen(one) || one.since >= before);
      return count - samples.length - alerts.length;
    },
  });
}
