import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import { render } from "preact";
import { startClock } from "./client/clock";
import { call } from "./client/call";
import { campus, startConnection } from "./client/connection";
import { App } from "./shell";

const root = document.getElementById("app") as HTMLElement;
root.replaceChildren();
startClock();
// Times are shown by the campus's clock; the quickest of a few answers says how far this browser's is off.
campus.onSession(() => {
  for (const wait of [0, 700]) setTimeout(() => void call("classroom.v1.clock.read", {}).catch(() => undefined), wait);
});
startConnection();
render(<App />, root);
