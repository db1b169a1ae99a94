import { expose } from "comlink";
import { readDropped, remake } from "../src/core/tasks/read-dropped";
import type { TaskReaderApi } from "../src/protocol/task-reader-protocol";

const api: TaskReaderApi = {
  read: (files, onFile) => readDropped(files, (done) => void onFile(done)),
  remake: (made, options) => remake(made, options),
};

expose(api);
