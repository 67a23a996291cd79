import type { Cloud } from './cloud';

/** Fills in the demo practices; what is there already stays. Loaded only when somebody wants them. */
export async function seedInto(cloud: Cloud): Promise<void> {
  const { seedDemo } = await import('../seed/demo');
  await seedDemo(cloud);
}
