import { option } from './option.js'

const refused = (flag: string) => ({
  ...option.text(`${flag} <refused>`, 'refused: other users could read it'),
  hidden: true,
})

/** The options of openstacksdk's other ways to sign in. */
export const signInOptions = {
  osAuthMethods: option.text('--os-auth-methods <names>', 'methods to combine, for v3multifactor: v3password,v3totp'),
  osDomainId: option.text('--os-domain-id <id>', 'id of the domain that the token is for, instead of a project'),
  osDomainName: option.text('--os-domain-name <name>', 'name of the domain that the token is for'),
  osSystemScope: option.text('--os-system-scope <all>', 'a token for the system instead of a project'),
  osEndpoint: option.text('--os-endpoint <url>', 'URL of the services, for none, admin_token and http_basic'),
  osIdentityProvider: option.text('--os-identity-provider <name>', "Keystone's name of the identity provider"),
  osProtocol: option.text('--os-protocol <name>', "Keystone's name of the protocol, often openid"),
  osDiscoveryEndpoint: option.text('--os-discovery-endpoint <url>', "the provider's discovery document"),
  osClientId: option.text('--os-client-id <id>', 'the client at the identity provider'),
  osOpenidScope: option.text('--os-openid-scope <words>', 'what the provider is asked for (default: openid profile)'),
  osAccessTokenEndpoint: option.text('--os-access-token-endpoint <url>', "instead of the document's"),
  osDeviceAuthorizationEndpoint: option.text('--os-device-authorization-endpoint <url>', "instead of the document's"),
  osAccessTokenType: option.text('--os-access-token-type <type>', 'access_token or id_token', [
    'access_token',
    'id_token',
  ]),
  osCodeChallengeMethod: option.text('--os-code-challenge-method <method>', 'S256 or plain, for v3oidcdeviceauthz', [
    'S256',
    'plain',
  ]),
  osIdpOtpKey: option.text('--os-idp-otp-key <field>', 'field for a passcode, for v3oidcpassword'),
  osRedirectUri: option.text('--os-redirect-uri <url>', 'for which the code was issued, for v3oidcauthcode'),
  osRedirectHost: option.text('--os-redirect-host <host>', 'where v3websso waits for the token (default: localhost)'),
  osRedirectPort: option.integer('--os-redirect-port <port>', 'the port of it (default: 9990)', { max: 65_535 }),
  osLoginTimeout: option.integer('--os-login-timeout <seconds>', 'how long v3websso waits (default: 60)'),
  osClientSecret: refused('--os-client-secret'),
  osAccessToken: refused('--os-access-token'),
  osPasscode: refused('--os-passcode'),
  osCode: refused('--os-code'),
}
