import type { Alert, AlertBook, Sample } from '../../alerts/index.ts';
import type { Database, Row } from './database.ts';

export function alertBook(database: Database): AlertBook {
  const { read } = database;
  return {
    put: (alerts) =>
      database.write((db) => {
        for (const alert of alerts) {
          const known = db.one('SELECT record FROM alerts WHERE alert_id = ?', alert.alertId);
          const acknowledged = alert.acknowledged ?? (known ? alertOf(known).acknowledged : null);
          db.run(
            'INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?)',
            ...[alert.alertId, alert.since, alert.state === 'resolved' ? 0 : 1, alert.toldAt],
            JSON.stringify({ ...alert, acknowledged }),
          );
        }
      }),
    open: async () =>
      read.all('SELECT record FROM alerts WHERE open = 1 ORDER BY since, alert_id').map(alertOf),
    list: async (limit) =>
      read
        .all(
          "SELECT record FROM alerts WHERE told_at IS NOT NULL AND since > '' ORDER BY since DESC, alert_id DESC LIMIT ?",
          limit,
        )
        .map(alertOf),
    acknowledge: (alertId, by) =>
      database.write((db) => {
        const row = db.one('SELECT record FROM alerts WHERE alert_id = ? AND open = 1', alertId);
        if (!row || alertOf(row).acknowledged !== null) return false;
        const record = JSON.stringify({ ...alertOf(row), acknowledged: by });
        db.run('UPDATE alerts SET record = ? WHERE alert_id = ?', record, alertId);
        return true;
      }),
    sample: (sample) =>
      database.write((db) => {
        db.run('INSERT OR REPLACE INTO alert_samples VALUES (?, ?)', sample.at, JSON.stringify(sample));
      }),
    samples: async (from, limit) =>
      read
        .all('SELECT record FROM alert_samples WHERE at >= ? ORDER BY at LIMIT ?', from, limit)
        .map((row) => JSON.parse(row.record as string) as Sample),
    forget: (before) =>
      database.write((db) => {
        const samples = db.run('DELETE FROM alert_samples WHERE at < ?', before).changes;
        return samples + db.run('DELETE FROM alerts WHERE since < ? AND open = 0', before).changes;
      }),
  };
}

function alertOf(row: Row): Alert {
  return JSON.parse(row.record as string) as Alert;
}
