// Entry: wires what pages do beyond plain HTML. Every listener sits on the document, so that fragments which
// htmx swaps in need no wiring of their own.
import htmx from "htmx.org";
import { startForms } from "./forms";
import { startReader } from "./reader";
import { startSwaps } from "./swaps";
import { startUpload } from "./upload";
import { startViewer } from "./viewer";

htmx.config.history = false;
document.documentElement.classList.add("script");
startSwaps();
startForms();
startUpload();
startReader();
startViewer();
