export { wakeUps as deliveryQueue } from '../wake-ups.ts';
