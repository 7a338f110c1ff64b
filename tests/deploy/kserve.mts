// KServe's objects, as far as docker/kserve uses them: https://kserve.github.io/website, "Control Plane API". No package
// has them as types.
import type { IContainer } from "kubernetes-models/v1/Container";
import { Pod } from "kubernetes-models/v1/Pod";
import type { IVolume } from "kubernetes-models/v1/Volume";

type Protocol = "v1" | "v2" | "grpc-v1" | "grpc-v2";

interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface IServingRuntime {
  apiVersion: "serving.kserve.io/v1alpha1";
  kind: "ServingRuntime";
  metadata: Metadata;
  spec: {
    supportedModelFormats?: { name: string; version?: string; autoSelect?: boolean; priority?: number }[];
    protocolVersions?: Protocol[];
    multiModel?: boolean;
    disabled?: boolean;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    containers: IContainer[];
    volumes?: IVolume[];
  };
}

export interface IInferenceService {
  apiVersion: "serving.kserve.io/v1beta1";
  kind: "InferenceService";
  metadata: Metadata;
  spec: {
    predictor: {
      minReplicas?: number;
      maxReplicas?: number;
      scaleMetric?: "cpu" | "memory" | "concurrency" | "rps";
      scaleTarget?: number;
      timeout?: number;
      terminationGracePeriodSeconds?: number;
      automountServiceAccountToken?: boolean;
      model: {
        modelFormat: { name: string; version?: string };
        runtime?: string;
        protocolVersion?: Protocol;
        storageUri?: string;
      };
    };
  };
}

// The pods that it describes are checked as others are.
export class ServingRuntime {
  constructor(private readonly runtime: IServingRuntime) {}

  validate(): void {
    const { containers, volumes } = this.runtime.spec;
    new Pod({ spec: volumes ? { containers, volumes } : { containers } }).validate();
  }
}

export class InferenceService {
  constructor(readonly service: IInferenceService) {}

  // All there is to say of it is in its type.
  validate(): void {}
}
