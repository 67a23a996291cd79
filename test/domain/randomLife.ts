import type { Act, Book, Movement } from '../../shared/domain/book';
import { Life } from './life';
import { type ModelBill, type ModelPayment, PlainModel } from './plainModel';

/** Three numbers that choose among what there is. */
export interface Chance {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export type Happening = (random: RandomLife, chance: Chance) => void;

/** A life that is led twice at once: by the rules and by the plain model. Both must refuse the same. */
export class RandomLife {
  readonly life = new Life();
  readonly model = new PlainModel();
  #ids = 0;

  id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${this.#ids}`;
  }

  /** Does it by the rules; when the model says it is allowed, in the model as well. */
  both<R>(allowed: boolean, rule: (book: Book, request: R, act: Act) => Movement, request: R, plain: () => void): void {
    if (!allowed) {
      this.life.refused(rule, request);
      return;
    }
    this.life.do(rule, request);
    plain();
  }

  aBill({ a }: Chance): ModelBill | undefined {
    return pick([...this.model.bills.values()], a);
  }

  aPayment({ a }: Chance, fits: (payment: ModelPayment) => boolean): ModelPayment | undefined {
    return pick([...this.model.payments.values()].filter(fits), a);
  }
}

export const pick = <T>(all: readonly T[], choice: number): T | undefined => all[choice % Math.max(all.length, 1)];
/** 1 … most and a little above, often exactly `most`. */
export const amountNear = (most: number, choice: number): number =>
  choice % 3 === 0 ? Math.max(most, 1) : 1 + (choice % Math.max(Math.floor(most * 1.2), 1));
