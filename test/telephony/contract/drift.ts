import type { CaseRun } from './simulated-world.js';

type Story = CaseRun['stories'][number];

/**
 * Pure. Whether two exchanges told the same of a leg. They may differ in how far they have come, in how many
 * keys came before something else, and in whether they told of a prompt that the leg's end cut.
 */
export function sameStory(one: Story, other: Story): boolean {
  const [a, b] = [essential(one), essential(other)];
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  return shorter.every((type, nth) => longer[nth] === type);
}

function essential(story: Story): Story {
  return story.filter((type, nth) => {
    const next = story[nth + 1];
    return (
      !(type === 'playback.finished' && next === 'leg.ended') && !(type === 'key.pressed' && next === type)
    );
  });
}
