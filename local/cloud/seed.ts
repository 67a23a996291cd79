import type { Cloud } from './cloud';

/** Fills in the demo practices; what is there already stays. Loaded only when asked for: it brings the store along. */
export async function seedInto(cloud: Cloud): Promise<void> {
  const { seedDemo } = await import('../seed/demo');
  await seedDemo(cloud);
}
