/** What announcements could reach at best, where it is known. */
import t from 'tap';
import { bestError } from '../../bench/best-announcement.js';
import { createRandom } from '../../src/base/index.js';

t.test('who knows the wait is never wrong', async (t) => {
  const { bound, reached } = bestError([Array(40).fill(20_000), Array(40).fill(7_000)]);
  t.ok(bound < 0.002 && reached < 0.002, `${bound}, ${reached}`);
});

t.test(
  'of exponential waits the best announcement is wrong by 63 % at the median, however many play',
  async (t) => {
    const random = createRandom(5);
    const plays = Array.from({ length: 400 }, () => {
      const meanMs = random.between(5_000, 500_000);
      return Array.from({ length: 400 }, () => -meanMs * Math.log(1 - random.next()));
    });
    // From u to ru half of them lie when u = ln r / (r - 1) and r = 4.4: (r - 1) / (r + 1).
    const { bound, reached } = bestError(plays);
    t.ok(bound < 0.63 && reached > 0.62, `from ${bound} to ${reached}`);
    t.ok(reached - bound < 0.06, `from ${bound} to ${reached}`);
  },
);

t.test(
  'what half of the announcements can be right about makes the median, whatever the others are',
  async (t) => {
    const random = createRandom(6);
    const sure = Array.from({ length: 60 }, () => Array(40).fill(10_000));
    const open = Array.from({ length: 50 }, () =>
      Array.from({ length: 40 }, () => 1_000 * 3 ** (8 * random.next())),
    );
    t.ok(bestError([...sure, ...open]).reached < 0.002);
    t.ok(bestError([...sure.slice(0, 10), ...open]).reached > 0.3);
  },
);
