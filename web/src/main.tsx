import "@fontsource-variable/atkinson-hyperlegible-next/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import { render } from "preact";
import { startClock } from "./client/clock";
import { startConnection } from "./client/connection";
import { App } from "./shell";

const root = document.getElementById("app") as HTMLElement;
root.replaceChildren();
startClock();
startConnection();
render(<App />, root);
