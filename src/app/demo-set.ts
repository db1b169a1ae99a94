/** Folder of the component set that ships with the workbench. */
export const demoAddress = (): string => new URL("zoo/demo/", location.href).href;
