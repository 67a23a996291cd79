import { patched } from '../../shared/domain/given';
import { type Run, reply, serve } from '../../shared/http/serve';
import { changeProductRow } from '../../shared/operations/catalogue';
import { type ProductStore, productStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly products: ProductStore;
}

export const changeProduct =
  ({ products }: Needs): Run<typeof changeProductRow> =>
  ({ caller: { practiceId }, path: { productId }, body }) =>
    decideAnew(async () => {
      const product = patched(await products.load(practiceId, productId), body);
      await products.replace(practiceId, product);
      return reply(200, product);
    });

export const handler = serve(changeProductRow, changeProduct({ products: productStore }));
