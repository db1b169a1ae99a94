/** SHA-256 of problem, a zero byte and solution of Minerva's four shots, in lm-eval 0.4.13's order. */
export const MINERVA_SHOTS: readonly string[] = [
  "bd7625776a3d6b3b9b69f8963a8048b0a6281195dae7e311b9cd42575188850c",
  "0f86316cd5d6b9400d42d63ade4478ee34c3dc1d2b03d26039efa79184be4c56",
  "9805f60ff1ef29692507fd49c8855301090ed98352da928bad103ab3dd432af8",
  "d2d94bfc7c8accd4254b3c5092a1db3ab5cdde7600310608a6344efe69673253",
];
