import { describeContainerEngine } from "../conformance/describeContainerEngine";
import { testEngines } from "./testEngines";

for (const { name, connect } of testEngines()) {
  describeContainerEngine({ name, connect });
}
