import { type Operation, reply, serve } from '../../shared/http/serve';
import { type NewId, newId } from '../../shared/ids';
import { createProductRow } from '../../shared/operations/catalogue';
import { type ProductStore, productStore } from '../../shared/store/catalogueStore';
import { decideAnew } from '../../shared/store/kernel';

interface Needs {
  readonly products: ProductStore;
  readonly newId: NewId;
}

export const createProduct = ({ products, newId }: Needs): Operation<typeof createProductRow> => ({
  run: ({ caller: { practiceId }, body, once }) =>
    decideAnew(async () => {
      const product = { ...body, productId: newId('prod'), active: true };
      await products.add(practiceId, [product], once.record(201, { productId: product.productId }));
      return reply(201, product);
    }),
  replay: async ({ ids: { productId = '' } }, { caller }) =>
    reply(201, await products.load(caller.practiceId, productId)),
});

export const handler = serve(createProductRow, createProduct({ products: productStore, newId }));
