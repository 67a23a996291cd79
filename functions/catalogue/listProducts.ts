import { type Run, reply, serve } from '../../shared/http/serve';
import { listProductsRow } from '../../shared/operations/catalogue';
import { type ProductStore, productStore } from '../../shared/store/catalogueStore';

interface Needs {
  readonly products: ProductStore;
}

export const listProducts =
  ({ products }: Needs): Run<typeof listProductsRow> =>
  async ({ caller, query: { active, limit, cursor } }) => {
    const page = await products.page(caller.practiceId, { limit, cursor });
    const shown = page.items.filter(product => active === undefined || String(product.active) === active);
    return reply(200, { items: shown, nextCursor: page.nextCursor });
  };

export const handler = serve(listProductsRow, listProducts({ products: productStore }));
