// The app as seen by the browser: reads of the app's socket, on the loopback interface of this sandbox alone.

/** Serves the app at `url`; `status` is what it answered for its page, 0 before. */
export function forward(socketPath: string) {
  let pageStatus = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (!isRead || request.headers.has("upgrade")) return new Response("", { status: 405 });
      const answer = await fetch(`http://localhost${pathname}${search}`, {
        unix: socketPath,
        method: request.method,
        headers: request.headers,
        redirect: "manual",
      });
      if (request.headers.get("sec-fetch-dest") === "document") pageStatus = answer.status;
      const headers = new Headers(answer.headers);
      // The body has been decoded already.
      for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
      return new Response(answer.body, { status: answer.status, headers });
    },
    error: () => new Response("", { status: 502 }),
  });
  return { url: `http://localhost:${server.port}/`, status: () => pageStatus };
}
