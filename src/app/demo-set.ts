/** Folder of the component set that ships with the workbench, relative to the page. */
export const DEMO_SET = "zoo/demo/";
