/** The part of the catalogue that is about keys and permissions. */
export const ACCESS_COMMANDS = {
  CreateApiKey: { noun: 'apikey', origin: 'api', meaning: 'Make a user API key; only its public half is told.' },
  UpdateApiKey: { noun: 'apikey', origin: 'api', meaning: 'Change groups or expiry of an API key.' },
  DeleteApiKey: { noun: 'apikey', origin: 'api', meaning: 'Take an API key away.' },
  SetGroupPermissions: { noun: 'permission', origin: 'api', meaning: 'Say what a group or a user may do.' },
  SetResourcePermissions: {
    noun: 'permission',
    origin: 'api',
    meaning: 'Say what a group or a user may do with single nodes and templates.',
  },
  DeletePermissionGroup: { noun: 'permission', origin: 'api', meaning: 'Take every permission from a group or user.' },
} as const;

export const ACCESS_EVENTS = {
  CreateApiKey: { noun: 'apikey', kind: 'apiAction', meaning: 'There is a new API key.' },
  UpdateApiKey: { noun: 'apikey', kind: 'apiAction', meaning: 'Groups or expiry of an API key changed.' },
  DeleteApiKey: { noun: 'apikey', kind: 'apiAction', meaning: 'An API key is gone.' },
  ApiKeyExpired: {
    noun: 'apikey',
    kind: 'systemAction',
    meaning: 'An API key that had expired was cleaned away; it had not worked since then.',
  },
  SetGroupPermissions: { noun: 'permission', kind: 'apiAction', meaning: 'A group or a user may do exactly this.' },
  SetResourcePermissions: {
    noun: 'permission',
    kind: 'apiAction',
    meaning: 'A group or a user may do exactly this with these nodes and templates.',
  },
  DeletePermissionGroup: {
    noun: 'permission',
    kind: 'apiAction',
    meaning: 'A group or a user may do nothing any more.',
  },
} as const;
