import { Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AUTH, type Auth } from '../../auth/auth.js';
import { Needs } from '../../auth/needs.controller.js';
import type { Login } from '../../auth/tap/login.js';
import { RouteUnknown } from '../../shell/error-answers.js';
import type { DoorRequest } from '../../shell/request-context.js';
import { HandDto, LoginsDto, ShakeDto, ShakenDto } from './dto/login.dto.js';
import { ANSWER_HEADERS, ok } from './envelope.js';
import { requiredId } from './parameters.js';
import { Route } from './routes.controller.js';

const CACHE = ANSWER_HEADERS['cache-control'];

/** How a caller without credentials comes to some (anka.md §1.5). */
@ApiTags('log-in')
@Controller()
export class LoginController {
  constructor(@Inject(AUTH) private readonly auth: Auth) {}

  /** Bare base64: no quotes, no newline. */
  @Post('tap/v1/hand')
  @HttpCode(200)
  @Needs('open')
  @Header('content-type', 'text/plain')
  @Header('cache-control', CACHE)
  @ApiOperation({ summary: 'A challenge that only the owner of the API key can read' })
  @ApiBody({ type: HandDto })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string', format: 'byte' } } } })
  async hand(@Req() request: DoorRequest): Promise<Uint8Array> {
    const challenge = await this.login(request).hand(requiredId(request, 'id'), request.muster.address);
    return Buffer.from(challenge);
  }

  @Post('tap/v1/shake')
  @HttpCode(200)
  @Needs('open')
  @Header('content-type', ANSWER_HEADERS['content-type'])
  @Header('cache-control', CACHE)
  @ApiOperation({ summary: 'A session, for the challenge in clear' })
  @ApiBody({ type: ShakeDto })
  @ApiOkResponse({ type: ShakenDto })
  async shake(@Req() request: DoorRequest): Promise<Uint8Array> {
    const id = requiredId(request, 'id');
    const data = await this.login(request).shake(id, requiredId(request, 'secret'), request.muster.address);
    return Buffer.from(JSON.stringify({ id, data } satisfies ShakenDto));
  }

  @Route('GET config/v1/auth', 'How to log in with the OpenID provider', { needs: 'open', object: LoginsDto })
  logins(): Uint8Array {
    const { oidc } = this.auth;
    if (oidc === undefined) return ok({});
    const fields = {
      user_name_field: oidc.userNameClaim,
      groups_field: oidc.groupsClaim,
      provider_url: oidc.providerUrl,
      display_name: oidc.displayName,
    };
    return ok({ oidc: fields } satisfies LoginsDto);
  }

  /** While nobody logs in with keys, there is no such route. */
  private login({ method, url }: DoorRequest): Login {
    if (this.auth.login === undefined) throw new RouteUnknown(method, url);
    return this.auth.login;
  }
}
