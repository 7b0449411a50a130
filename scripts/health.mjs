/** The container's health check: ends with 0 when the engine says that it runs. */
const address = process.env.ONEDOOR_HTTP || '127.0.0.1:8080';
const well = ['running', 'draining'];

const status = await fetch(`http://${address}/health`, { signal: AbortSignal.timeout(4_000) })
  .then((answer) => answer.json())
  .then((body) => String(/** @type {{ status?: unknown }} */ (body).status))
  .catch((error) => `no answer from ${address} (${error.cause?.message ?? error.message})`);
process.stdout.write(`${status}\n`);
process.exitCode = well.includes(status) ? 0 : 1;
