export type ClientErrorCode = 'client.refused' | 'client.unreachable';
