import { MANAGE_REFUSALS, ManageAnswer, ManageRefusalCode } from '../../contracts/manage-query';

/** Why a request is not done. The message is for the caller: it names nothing of the account. */
export class Refusal extends Error {
  /** @param logged what the log says instead of the code alone */
  constructor(readonly code: ManageRefusalCode, message: string, readonly logged: string = code) {
    super(message);
    this.name = 'Refusal';
  }

  get answer(): ManageAnswer {
    return { StatusCode: MANAGE_REFUSALS[this.code], Body: { Code: this.code, Message: this.message } };
  }
}

export function tryAgain(logged: string): Refusal {
  return new Refusal('TryAgain', 'The request could not be processed; try again later.', logged);
}
