// Entry: wires what pages do beyond plain HTML. Every listener sits on the document, so that fragments which
// htmx swaps in need no wiring of their own.
import htmx from "htmx.org";
import { startBoard } from "./board";
import { startForms } from "./forms";
import { startLists } from "./lists";
import { startPicker } from "./picker";
import { startPopovers } from "./popovers";
import { startReader } from "./reader";
import { startRows } from "./rows";
import { startSearch } from "./search";
import { startSwaps } from "./swaps";
import { startUpload } from "./upload";
import { startViewer } from "./viewer";

htmx.config.history = false;
document.documentElement.classList.add("script");
startSwaps();
startBoard();
startForms();
startPopovers();
startLists();
startPicker();
startRows();
startSearch();
startUpload();
startReader();
startViewer();
