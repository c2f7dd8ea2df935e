import { ApiProperty } from '@nestjs/swagger';

/** What begins a log-in with an API key. */
export class HandDto {
  /** The key's id. */
  @ApiProperty({ type: 'string' })
  id: string;
}

/** What ends it. */
export class ShakeDto extends HandDto {
  /** The challenge, decrypted with the key. */
  @ApiProperty({ type: 'string' })
  secret: string;
}

/** What the client sends, as base64 of JSON, as its bearer token. */
export class SessionDto {
  @ApiProperty({ type: 'string' })
  userName: string;
  @ApiProperty({ type: 'string' })
  token: string;
  @ApiProperty({ type: 'string' })
  sessionId: string;
}

export class ShakenDto {
  @ApiProperty({ type: 'string' })
  id: string;
  @ApiProperty({ type: SessionDto })
  data: SessionDto;
}

/** The provider as its clients have to know it. */
export class OidcLoginDto {
  @ApiProperty({ type: 'string' })
  user_name_field: string;
  @ApiProperty({ type: 'string' })
  groups_field: string;
  @ApiProperty({ type: 'string' })
  provider_url: string;
  @ApiProperty({ type: 'string' })
  display_name: string;
}

/** How a client gets tokens of the OpenID provider; empty when there is none. */
export class LoginsDto {
  @ApiProperty({ type: OidcLoginDto, required: false })
  oidc?: OidcLoginDto;
}
