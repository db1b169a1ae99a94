import { createContext, useContext } from "react";
import type { Controller } from "./controller";

const ControllerContext = createContext<Controller | null>(null);

export const ControllerProvider = ControllerContext.Provider;

export function useController(): Controller {
  const controller = useContext(ControllerContext);
  if (!controller) throw new Error("useController: no provider above this component");
  return controller;
}
