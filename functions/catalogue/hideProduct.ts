import { type Run, reply, serve } from '../../shared/http/serve';
import { hideProductRow } from '../../shared/operations/catalogue';
import { type ProductStore, productStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly products: ProductStore;
}

export const hideProduct =
  ({ products }: Needs): Run<typeof hideProductRow> =>
  ({ caller: { practiceId }, path: { productId } }) =>
    decideAnew(async () => {
      await products.replace(practiceId, { ...(await products.load(practiceId, productId)), active: false });
      return reply(204, undefined);
    });

export const handler = serve(hideProductRow, hideProduct({ products: productStore }));
