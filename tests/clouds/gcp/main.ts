import { serve } from "../plugin/serve.js";
import { account } from "./account.js";

serve(account(), "9.37.0");
