export type ClientErrorCode = 'client.refused' | 'client.key-unusable' | 'client.unreachable';
