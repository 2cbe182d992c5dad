export type AlertErrorCode = 'alerts.rules-invalid' | 'alerts.not-firing';
